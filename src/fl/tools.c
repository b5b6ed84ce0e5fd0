#include "fl/tools.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *
fl_beside(const char *name)
{
	char self[4096], *path = NULL;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n > 0) {
		self[n] = '\0';
		*strrchr(self, '/') = '\0';
		if (asprintf(&path, "%s/%s", self, name) < 0)
			path = NULL;
	}
	return path;
}

/* make writes the lines of fl/names.h, from the sources and the pages that are there. */
const struct fl_tool fl_tools[] = {
#include "fl/names.h"
	{ NULL, NULL, 0 },
};
