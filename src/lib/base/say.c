#include "base/say.h"

void
flp_say(struct flp_say *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (s->status == 0)
		s->status = flp_out_vprint(s->out, s->e, fmt, ap);
	va_end(ap);
}

void
flp_say_bytes(struct flp_say *s, const char *bytes, size_t n)
{
	if (s->status == 0)
		s->status = flp_out_write(s->out, bytes, n, s->e);
}
