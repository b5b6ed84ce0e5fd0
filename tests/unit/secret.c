/* base/secret: fresh bytes, as many as asked for. */
#include "base/secret.h"
#include "unit.h"

#include <string.h>

#define ROOM 4096

int
main(void)
{
	static unsigned char a[ROOM + 1], b[ROOM + 1], seen[256];
	struct flp_error e;
	size_t kinds = 0;

	a[ROOM] = b[ROOM] = 77;
	CHECK(flp_secret_bytes(a, ROOM, &e) == 0, "%s", e.text);
	CHECK(flp_secret_bytes(b, ROOM, &e) == 0, "%s", e.text);
	CHECK(memcmp(a, b, 16) != 0, "the first bytes twice");
	CHECK(memcmp(a + ROOM - 16, b + ROOM - 16, 16) != 0, "the last bytes twice");
	CHECK(a[ROOM] == 77 && b[ROOM] == 77, "a byte too many");
	for (size_t i = 0; i < ROOM; i++)
		kinds += seen[a[i]]++ == 0;
	CHECK(kinds > 240, "%zu different bytes", kinds); /* less by chance: below 2^-70 */
	memcpy(b, a, ROOM);
	CHECK(flp_secret_bytes(b, 0, &e) == 0 && memcmp(a, b, ROOM) == 0, "0 bytes");
	return unit_done();
}
