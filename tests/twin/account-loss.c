/* For tests/accountant.py: reads lines "ADJACENCY STEP DELTA GROUP[; GROUP]...", composes the
 * privacy losses of the groups on a grid of that step and prints the epsilon. */
#include "privacy/loss.h"

#include <stdio.h>
#include <string.h>

#define GROUPS 8

int
main(void)
{
	struct flp_spent spent[GROUPS];
	char line[1000], word[20];
	double h, delta, about;
	struct flp_error e;
	struct flp_loss loss;
	int at;

	while (fgets(line, sizeof line, stdin) != NULL) {
		size_t n = 0;

		about = 50;
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%19s %lf %lf %n", word, &h, &delta, &at) != 3)
			return 1;
		for (char *text = strtok(line + at, ";"); text != NULL && n < GROUPS;
		    text = strtok(NULL, ";")) {
			spent[n] = (struct flp_spent){ .adjacency = strcmp(word, "replace") == 0 };
			if (flp_spent_parse(&spent[n++], text + strspn(text, " "), &e) < 0)
				return 1;
		}
		for (int i = 0; i < 3; i++, about = flp_loss_epsilon(&loss, delta)) {
			if (i > 0)
				flp_loss_free(&loss);
			if (flp_loss_init(&loss, spent, n, NULL, 0, h, about, delta, &e) != 0)
				return 1;
			flp_loss_read(&loss, 0);
		}
		printf("%.17g\n", about);
		flp_loss_free(&loss);
	}
	return 0;
}
