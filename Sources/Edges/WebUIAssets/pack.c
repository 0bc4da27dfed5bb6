#include "WebUIAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#if defined(__has_embed)
#if __has_embed("../../../web/dist/ui.pack")
#define HAS_PACK
#endif
#endif

_Alignas(16) static const unsigned char bytes[] = {
#ifdef HAS_PACK
#embed "../../../web/dist/ui.pack"
#else
    0
#endif
};

const unsigned char *const web_ui_pack = bytes;
#ifdef HAS_PACK
const size_t web_ui_pack_size = sizeof bytes;
#else
const size_t web_ui_pack_size = 0;
#endif
