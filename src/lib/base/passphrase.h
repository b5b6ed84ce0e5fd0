/* Passphrases: read into the caller's memory and nowhere else. */
#ifndef FLP_BASE_PASSPHRASE_H
#define FLP_BASE_PASSPHRASE_H

#include "base/error.h"

#include <stddef.h>

/* Reads the first line of a file ("-" is standard input) into to[room], without the newline and
 * ended by NUL. FLP_ERROR_BAD if the line is empty, does not fit, or has a NUL in it, or if the
 * file is a regular one that others than its owner may read (flp_file_private). Errors name the
 * file. */
int flp_passphrase_file(char *to, size_t room, const char *path,
    struct flp_error *e) FLP_CHECKED;

/* The same from the terminal of the process, /dev/tty, which shows the prompt but not what is
 * typed. */
int flp_passphrase_ask(char *to, size_t room, const char *prompt,
    struct flp_error *e) FLP_CHECKED;

#endif
