/* Each line of standard input as flp_number_plain writes it, for tests/plain.py to hold
 * against Python's numbers; "text" for what is not a number, "refused" for what it refuses. */
#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(void)
{
	char *line = NULL, out[1024];
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		char *exact = malloc((size_t)n); /* so that a read beyond is seen */
		long length;

		memcpy(exact, line, (size_t)n - 1);
		length = flp_number_plain(out, sizeof out, exact, (size_t)n - 1);
		free(exact);
		if (length > 0)
			printf("%.*s\n", (int)length, out);
		else
			puts(length == 0 ? "text" : "refused");
	}
	free(line);
	return 0;
}
