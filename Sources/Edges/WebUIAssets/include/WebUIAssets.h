#ifndef WEB_UI_ASSETS_H
#define WEB_UI_ASSETS_H

#include <stddef.h>

/// The built web UI (`web/dist/ui.pack`), or no bytes when this build was made without it.
extern const unsigned char *const _Nonnull web_ui_pack;
extern const size_t web_ui_pack_size;

#endif
