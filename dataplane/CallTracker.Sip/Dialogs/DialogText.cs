namespace CallTracker.Sip.Dialogs;

/// <summary>
/// The storage of one dialog: a few texts one behind the other in one array. Setting one moves those behind it. The
/// array starts at what carriers usually need and doubles up to <see cref="BytesMax"/>, because thousands of dialogs
/// are held; it never shrinks, so a pooled dialog stops allocating. Full is an answer. Owned by its
/// <see cref="SipDialog"/>.
/// </summary>
internal sealed class DialogText
{
    public const int BytesMax = 1_920;
    private const int PartCount = (int)DialogPart.Routes + 1;
    // A Call-ID, two tags, two addresses and a target of a carrier without Record-Route: 250 to 400 bytes.
    private const int BytesAtStart = 480;
    private byte[] _bytes = new byte[BytesAtStart];
    private readonly ushort[] _ends = new ushort[PartCount];

    public ReadOnlySpan<byte> this[DialogPart part] => _bytes.AsSpan(StartOf(part)..EndOf(part));

    public void Clear() => Array.Clear(_ends);

    public bool TrySet(DialogPart part, ReadOnlySpan<byte> text) => TryReplace(part, StartOf(part), text);

    public bool TryAppend(DialogPart part, ReadOnlySpan<byte> text) => TryReplace(part, EndOf(part), text);

    private int StartOf(DialogPart part) => part == DialogPart.CallId ? 0 : _ends[(int)part - 1];

    private int EndOf(DialogPart part) => _ends[(int)part];

    // Puts the text where the rest of the part starts; a text out of this very storage would be overwritten while
    // moving.
    private bool TryReplace(DialogPart part, int start, ReadOnlySpan<byte> text)
    {
        var end = EndOf(part);
        var used = _ends[PartCount - 1];
        var grown = start + text.Length - end;
        if (used + grown > BytesMax) return false;
        if (used + grown > _bytes.Length) Grow(used + grown);
        _bytes.AsSpan(end..used).CopyTo(_bytes.AsSpan(end + grown));
        text.CopyTo(_bytes.AsSpan(start));
        for (var i = (int)part; i < PartCount; i++) _ends[i] = (ushort)(_ends[i] + grown);
        return true;
    }

    private void Grow(int needed) => Array.Resize(ref _bytes, Math.Min(BytesMax, Math.Max(needed, _bytes.Length * 2)));
}
