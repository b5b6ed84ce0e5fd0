/* The inboxes of a round, which fl-mask deliver writes into a folder. */
#ifndef FL_MASK_INBOXES_H
#define FL_MASK_INBOXES_H

#include "cli.h"
#include "mask/dealing.h"

/* Writes the inbox of each client that has sent its shares to its file in the folder, and the
 * messages that count to *out. The folder is made if it does not exist. The files get their names
 * last. A folder with an inbox of another round or a different inbox of one of the clients is
 * refused; the same inboxes may be written again. Ends the tool on failure. */
void mask_inboxes_write(const struct flp_dealing *d, const char *folder, struct flp_out *out);

#endif
