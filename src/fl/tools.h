/* The tools, and what each is for. */
#ifndef FL_TOOLS_H
#define FL_TOOLS_H

#define FL_PREFIX "fl-" /* of the programs that are tools */

struct fl_tool {
	const char *name;    /* without the prefix */
	const char *purpose; /* what the first line of its page says */
	int verbs;           /* 1 if its first word is a verb */
};

/* By name, up to one without a name. */
extern const struct fl_tool fl_tools[];

/* "DIR/NAME", where DIR is the folder of this program, by malloc; NULL if it is not known. */
char *fl_beside(const char *name);

#endif
