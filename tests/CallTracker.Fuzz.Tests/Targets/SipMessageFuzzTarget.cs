namespace CallTracker.Fuzz.Tests.Targets;

/// <summary>The SIP parser against the reference parser, and its answers read back. One thread.</summary>
internal sealed class SipMessageFuzzTarget : IFuzzTarget
{
    private readonly SipOracle _oracle = new();

    public string Name => "SipMessage";

    public IReadOnlyList<string> Pieces { get; } =
    [
        "\r\n", "\n", "\r", "\r\n ", ": ", ";tag=", "\"", "<sip:a@b>", "SIP/2.0", "Via: ", "v:", "t: sip:a@b\r\n", ",",
        "%41", ";branch=z9hG4bK", "[::1]:5060", "\r\n\r\n", "Content-Length: 5\r\n", "l: 0\r\n", "sips:", "tel:+81",
        "*",
        "Content-Length : 3\r\n", "\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKx\r\n", "\\\"", "<>",
        "INVITE sip:a SIP/2.0\r\n",
        "f: <sip:a@b>;tag=1\r\n", "CSeq: 1 INVITE\r\n", "\r\nRoute: <sip:a;lr>,<sip:b>\r\n", "\0", "SIP/2.0 200 \r\n",
        "Call-ID\t:", "x: 1\r\n\t2\r\n",
    ];

    public bool Run(byte[] input) => _oracle.Check(input);
}
