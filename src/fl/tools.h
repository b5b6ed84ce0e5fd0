/* The tools that stand beside the program fl, and what each is for. */
#ifndef FL_TOOLS_H
#define FL_TOOLS_H

#define FL_PREFIX "fl-" /* of the programs that are tools */

struct fl_found {
	const char *name;  /* without the prefix */
	char purpose[256]; /* what its --help says that it is for; empty if it says nothing */
};

/* "DIR/NAME", where DIR is the folder of this program, by malloc; NULL if it is not known. */
char *fl_beside(const char *name);

/* The tools in that folder by name, up to one without a name. Each is asked by --help, all at
 * once. A tool that fails, or that takes more than some seconds, has no purpose. Ends the program
 * if the folder can't be read. */
const struct fl_found *fl_tools(void);

#endif
