/* loop/each: which records of good and bad files the body is given, what is told, and what
 * ends the run. */
#include "loop/each.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Appends a record of one value to a file. */
static void
append(const char *path, float value)
{
	const uint64_t one = 1;
	struct flp_writer *w = NULL;
	struct flp_header h;
	struct flp_error e;
	struct flp_out out;
	unsigned char *bytes = calloc(1, 4096);
	ssize_t n;
	FILE *f;

	flp_header_init(&h, FLP_KIND_PARAMS);
	CHECK(flp_out_temporary(&out, &e) == 0 && (w = flp_writer_new(&out, &e)) != NULL &&
	    flp_header_add(&h, "w", FLP_DTYPE_F32, 1, &one, &e) == 0 &&
	    flp_writer_begin(w, &h, &e) == 0 && flp_writer_values(w, &value, sizeof value, &e) == 0 &&
	    flp_writer_end(w, NULL, NULL, &e) == 0 && flp_out_flush(&out, &e) == 0, "%s", e.text);
	n = pread(out.fd, bytes, 4096, 0);
	f = fopen(path, "a");
	CHECK(n > 0 && f != NULL && fwrite(bytes, 1, (size_t)n, f) == (size_t)n && fclose(f) == 0,
	    "%s", path);
	flp_writer_free(w);
	flp_header_free(&h);
	flp_out_discard(&out);
	free(bytes);
}

/* Appends text that is not a record. */
static void
spoil(const char *path)
{
	FILE *f = fopen(path, "a");

	CHECK(f != NULL && fprintf(f, "%070d", 0) == 70 && fclose(f) == 0, "%s", path);
}

/* What the body does and has seen: it refuses the value 2 once it is read, and 3 before. */
struct seen {
	char values[64];
	enum flp_code code; /* of the refusal */
};

static int
see(void *context, struct flp_inputs *in, const struct flp_header *h, struct flp_error *e)
{
	struct seen *seen = context;
	struct flp_id id;
	size_t n = strlen(seen->values);
	float value;

	CHECK(h->tensors == 1, "%zu", h->tensors);
	if (flp_reader_values(in->reader, &value, sizeof value, e) < 0)
		return -1;
	snprintf(seen->values + n, sizeof seen->values - n, "%g", (double)value);
	if (value == 3) {
		flp_error_bad(e, "three");
		e->code = seen->code;
		return -1;
	}
	if (flp_reader_finish(in->reader, &id, e) < 0)
		return -1;
	return value == 2 ? flp_error_bad(e, "two") : 0;
}

static char told[1024];

static void
tell(const struct flp_error *e)
{
	size_t n = strlen(told);

	snprintf(told + n, sizeof told - n, "%.200s|", e->text);
}

/* Runs over files with names of one letter; there is no file d. */
static int
run(const char *files, int strict, enum flp_code code, struct seen *seen, uint64_t *bad,
    struct flp_error *e)
{
	char name[8][2] = { "" }, *paths[9] = { NULL };
	struct flp_bad policy = { .strict = strict, .tell = tell };
	struct flp_inputs in;
	int status;

	for (size_t i = 0; files[i] != '\0'; i++) {
		name[i][0] = files[i];
		paths[i] = name[i];
	}
	*seen = (struct seen){ .code = code };
	told[0] = '\0';
	flp_inputs_init(&in, paths);
	status = flp_each_record(&in, &policy, see, seen, e);
	flp_inputs_close(&in);
	*bad = policy.n;
	return status;
}

#define JUNK "c: record 2: header: expected an .flp record, found another kind of " \
	"file (fl-import makes a record of a table); nothing after it in this input is read|"
#define EMPTY "e: expected a record, found nothing|"

static void
cases(void)
{
	static const struct {
		const char *files;
		int strict;
		enum flp_code code; /* of the body's refusal of 3 */
		enum flp_code ends; /* of the error that ends the run, or 0 */
		uint64_t bad;
		const char *values, *told;
	} c[] = {
		{ "aa", 0, FLP_ERROR_BAD, 0, 0, "1414", "" },
		{ "aba", 0, FLP_ERROR_BAD, 0, 2, "14123114",
			"b: record 2: two|b: record 3: three|" },
		{ "cca", 0, FLP_ERROR_BAD, 0, 2, "1114", JUNK JUNK },
		{ "eae", 0, FLP_ERROR_BAD, 0, 2, "14", EMPTY EMPTY },
		{ "e", 0, FLP_ERROR_BAD, 0, 1, "", EMPTY },
		{ "", 0, FLP_ERROR_BAD, 0, 1, "", "expected a record, found nothing|" },
		{ "", 1, FLP_ERROR_BAD, FLP_ERROR_BAD, 0, "", "" },
		{ "aba", 1, FLP_ERROR_BAD, FLP_ERROR_BAD, 0, "1412", "" },
		{ "eba", 1, FLP_ERROR_BAD, FLP_ERROR_BAD, 0, "", "" },
		{ "aba", 0, FLP_ERROR_SYSTEM, FLP_ERROR_SYSTEM, 1, "14123", "b: record 2: two|" },
		{ "ada", 0, FLP_ERROR_BAD, FLP_ERROR_SYSTEM, 0, "14", "" },
	};

	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct flp_error e = { .code = FLP_ERROR_NONE };
		struct seen seen;
		uint64_t bad;
		int status = run(c[i].files, c[i].strict, c[i].code, &seen, &bad, &e);

		CHECK(status == (c[i].ends ? -1 : 0) && (status == 0 || e.code == c[i].ends),
		    "%s: %d: %s", c[i].files, status, e.text);
		CHECK(bad == c[i].bad, "%s: %llu", c[i].files, (unsigned long long)bad);
		CHECK(strcmp(seen.values, c[i].values) == 0, "%s: %s", c[i].files, seen.values);
		CHECK(strcmp(told, c[i].told) == 0, "%s: %s", c[i].files, told);
	}
}

/* Bad inputs are counted even if nobody is told about them. */
static void
silent(void)
{
	struct flp_bad bad = { 0 };
	struct flp_error e;

	flp_error_bad(&e, "bad");
	CHECK(flp_bad_left_out(&bad, &e) == 0 && flp_bad_left_out(&bad, &e) == 0 && bad.n == 2, "%llu",
	    (unsigned long long)bad.n);
	bad.strict = 1;
	CHECK(flp_bad_left_out(&bad, &e) < 0 && bad.n == 2, "strict");
}

int
main(void)
{
	char folder[] = "/tmp/fl-unit-XXXXXX";

	CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0, "%s", folder);
	append("a", 1);
	append("a", 4);
	for (int i = 0; i < 4; i++)
		append("b", "\1\2\3\1"[i]);
	append("c", 1);
	spoil("c");
	append("c", 4);
	fclose(fopen("e", "w"));
	cases();
	silent();
	for (const char *p = "abce"; *p != '\0'; p++)
		unlink((char[]){ *p, '\0' });
	CHECK(chdir("/") == 0 && rmdir(folder) == 0, "%s", folder);
	return unit_done();
}
