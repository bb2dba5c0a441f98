using System.Buffers.Text;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Writing;

/// <summary>
/// Writes one SIP message into a buffer that the caller owns. When the buffer is too small nothing throws:
/// <see cref="Overflowed"/> is set and everything after is dropped. Pass it by reference.
/// </summary>
public ref struct SipWriter(Span<byte> buffer)
{
    private const int LengthDigits = 5;
    private readonly Span<byte> _buffer = buffer;
    private int _lengthAt;
    private int _bodyAt;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>True when the message did not fit; what was written is useless then.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>The message so far; empty after an overflow, so that half a message is never sent.</summary>
    public readonly ReadOnlySpan<byte> Written => Overflowed ? default : _buffer[..Length];

    // Request-Line = Method SP Request-URI SP SIP-Version CRLF
    public void RequestLine(scoped ReadOnlySpan<byte> method, scoped ReadOnlySpan<byte> uri)
    {
        Raw(method);
        Raw(" "u8);
        Raw(uri);
        Raw(" SIP/2.0\r\n"u8);
    }

    public void RequestLine(SipMethod method, scoped ReadOnlySpan<byte> uri) =>
        RequestLine(SipMethods.NameOf(method), uri);

    // Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF
    public void StatusLine(int code, scoped ReadOnlySpan<byte> reason)
    {
        Raw("SIP/2.0 "u8);
        Number(code);
        Raw(" "u8);
        Raw(reason.IsEmpty ? SipReasons.Of(code) : reason);
        LineEnd();
    }

    // message-header = header-name ":" SP header-value CRLF
    public void Header(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        BeginHeader(name);
        Raw(value);
        LineEnd();
    }

    public void Header(SipHeaderKind kind, scoped ReadOnlySpan<byte> value) =>
        Header(SipHeaderNames.NameOf(kind), value);

    public void Header(SipHeaderKind kind, long number)
    {
        BeginHeader(SipHeaderNames.NameOf(kind));
        Number(number);
        LineEnd();
    }

    /// <summary>Starts a header that is written piece by piece; <see cref="LineEnd"/> ends it.</summary>
    public void BeginHeader(scoped ReadOnlySpan<byte> name)
    {
        Raw(name);
        Raw(": "u8);
    }

    public void BeginHeader(SipHeaderKind kind) => BeginHeader(SipHeaderNames.NameOf(kind));

    // Via = "SIP/2.0/" transport SP sent-by ";rport;branch=" token; rport asks for RFC 3581 answers
    public void Via(SipTransportKind transport, in IpEndpoint sentBy, scoped ReadOnlySpan<byte> branch)
    {
        Raw("Via: SIP/2.0/"u8);
        Raw(TransportName(transport));
        Raw(" "u8);
        Endpoint(sentBy);
        if (transport == SipTransportKind.Udp) Raw(";rport"u8);
        Raw(";branch="u8);
        Raw(branch);
        LineEnd();
    }

    // CSeq = 1*DIGIT LWS Method
    public void CSeq(uint number, scoped ReadOnlySpan<byte> method)
    {
        BeginHeader(SipHeaderKind.CSeq);
        Number(number);
        Raw(" "u8);
        Raw(method);
        LineEnd();
    }

    // from-spec with its tag: header-value ";tag=" token
    public void HeaderWithTag(SipHeaderKind kind, scoped ReadOnlySpan<byte> value, scoped ReadOnlySpan<byte> tag)
    {
        BeginHeader(kind);
        Raw(value);
        if (!tag.IsEmpty)
        {
            Raw(";tag="u8);
            Raw(tag);
        }
        LineEnd();
    }

    /// <summary>Copies every value of a kind, one per line.</summary>
    public void CopyHeaders(SipMessage from, SipHeaderKind kind)
    {
        for (var i = 0; i < from.Count(kind); i++) Header(kind, from.Header(kind, i));
    }

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (Overflowed || !bytes.TryCopyTo(_buffer[Length..]))
        {
            Overflowed = true;
            return;
        }
        Length += bytes.Length;
    }

    public void Number(long number)
    {
        if (Overflowed || !Utf8Formatter.TryFormat(number, _buffer[Length..], out var length))
        {
            Overflowed = true;
            return;
        }
        Length += length;
    }

    // hostport = IPv4address ":" port / "[" IPv6address "]" ":" port; port 0 writes the address alone
    public void Endpoint(in IpEndpoint endpoint)
    {
        Address(endpoint);
        if (endpoint.Port == 0) return;
        Raw(":"u8);
        Number(endpoint.Port);
    }

    // host = IPv4address / "[" IPv6address "]"
    public void Address(in IpEndpoint endpoint)
    {
        Span<byte> text = stackalloc byte[IpEndpoint.TextLengthMax];
        var length = endpoint.FormatAddress(text);
        if (!endpoint.IsIpv4) Raw("["u8);
        Raw(text[..length]);
        if (!endpoint.IsIpv4) Raw("]"u8);
    }

    public void LineEnd() => Raw("\r\n"u8);

    /// <summary>Ends a message that has no body.</summary>
    public void NoBody() => Raw("Content-Length: 0\r\n\r\n"u8);

    /// <summary>Ends the headers and writes the body.</summary>
    public void Body(scoped ReadOnlySpan<byte> contentType, scoped ReadOnlySpan<byte> body)
    {
        BeginBody(contentType);
        Raw(body);
        EndBody();
    }

    /// <summary>Ends the headers; what is written until <see cref="EndBody"/> is the body, counted then.</summary>
    public void BeginBody(scoped ReadOnlySpan<byte> contentType)
    {
        if (!contentType.IsEmpty) Header(SipHeaderKind.ContentType, contentType);
        BeginHeader(SipHeaderKind.ContentLength);
        _lengthAt = Length;
        Raw("     \r\n\r\n"u8);
        _bodyAt = Length;
    }

    /// <summary>The body under way, for one who writes in place: commit with <see cref="Advance"/>.</summary>
    public readonly Span<byte> Free => Overflowed ? default : _buffer[Length..];

    /// <summary>Counts bytes that were written to <see cref="Free"/>.</summary>
    public void Advance(int count)
    {
        if (Overflowed || (uint)count > (uint)(_buffer.Length - Length)) Overflowed = true;
        else Length += count;
    }

    // Content-Length = 1*DIGIT, right-aligned in the five columns kept for it
    public void EndBody()
    {
        if (Overflowed) return;
        Span<byte> digits = stackalloc byte[20];
        if (!Utf8Formatter.TryFormat(Length - _bodyAt, digits, out var length) || length > LengthDigits)
        {
            Overflowed = true;
            return;
        }
        digits[..length].CopyTo(_buffer[(_lengthAt + LengthDigits - length)..]);
    }

    private static ReadOnlySpan<byte> TransportName(SipTransportKind transport) => transport switch
    {
        SipTransportKind.Tcp => "TCP"u8,
        SipTransportKind.Tls => "TLS"u8,
        _ => "UDP"u8,
    };
}
