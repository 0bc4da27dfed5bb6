import WebUIAssets

extension UIPack {
    /// The pack in this binary; nil when it was built without the web UI.
    package static func embedded() throws(UIPackError) -> UIPack? {
        guard web_ui_pack_size > 0 else { return nil }
        return try UIPack(
            .constant(
                .init(buffer: UnsafeBufferPointer(start: web_ui_pack, count: web_ui_pack_size))))
    }
}
