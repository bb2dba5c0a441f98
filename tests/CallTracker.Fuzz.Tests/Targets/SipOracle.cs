using System.Text;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;
using CallTracker.Sip.Writing;

namespace CallTracker.Fuzz.Tests.Targets;

/// <summary>
/// Compares the product's parser with the slow reference, field by field, and reads back an answer written from what
/// was parsed. Owned by one target.
/// </summary>
internal sealed class SipOracle
{
    private readonly SipMessage _message = new();
    private readonly SipMessage _answer = new();
    private readonly byte[] _written = new byte[SipMessage.LengthMax];

    /// <summary>True when the message was accepted.</summary>
    public bool Check(byte[] bytes)
    {
        var reference = ReferenceParser.Parse(bytes);
        var result = _message.Parse(bytes, 0, bytes.Length);
        Touch(_message);
        if ((result == SipParseResult.Ok) != (reference is not null))
            throw new FuzzException($"The parser says {result}, the reference {reference}");
        if (_message.IsRequest && _message.CanAnswer) CheckAnswer(_message, result);
        if (reference is null) return false;
        CheckFields(reference);
        return true;
    }

    private void CheckFields(ReferenceMessage reference)
    {
        var actual = new ReferenceMessage(
            _message.IsRequest ? Text(_message.MethodText) : "", Text(_message.RequestUri), _message.StatusCode,
            Text(_message.Body), Text(_message.FromTag), Text(_message.ToTag), _message.CSeqNumber,
            Text(_message.CSeqMethodText))
        {
            Headers = reference.Headers,
        };
        if (actual != reference) throw new FuzzException($"Parsed {actual}, the reference {reference}");
        var index = 0;
        foreach (var header in _message.Headers)
        {
            var (name, value) = reference.Headers[index++];
            var isNamed = Text(header.Name).Equals(name, StringComparison.OrdinalIgnoreCase);
            if (!isNamed || Flat(Text(header.Value)) != Flat(value))
                throw new FuzzException($"Header {index}: {Text(header.Name)}: {Text(header.Value)}, not {value}");
        }
        if (index != reference.Headers.Count) throw new FuzzException($"{index} headers of {reference.Headers.Count}");
    }

    // Whatever came in, what goes out is a message: nothing of the input can break out of its header.
    private void CheckAnswer(SipMessage request, SipParseResult result)
    {
        var writer = new SipWriter(_written);
        writer.WriteRefusal(request, 400, "mine"u8, IpEndpoint.FromIpv4(0xC000_0201, 5060));
        if (writer.Overflowed) return;
        var written = writer.Written;
        var read = _answer.Parse(_written, 0, written.Length);
        if (result != SipParseResult.Ok) return;
        if (read != SipParseResult.Ok || _answer.Length != written.Length || !_answer.Body.IsEmpty)
            throw new FuzzException($"The answer reads as {read}:\n{Text(written)}");
        var isSame = _answer.CallId.SequenceEqual(request.CallId) && _answer.FromTag.SequenceEqual(request.FromTag)
            && _answer.CSeqNumber == request.CSeqNumber
            && _answer.CSeqMethodText.SequenceEqual(request.CSeqMethodText)
            && _answer.TopVia.Branch.SequenceEqual(request.TopVia.Branch)
            && _answer.Count(SipHeaderKind.Via) == request.Count(SipHeaderKind.Via);
        if (!isSame) throw new FuzzException($"The answer says something else:\n{Text(written)}");
    }

    // Every accessor, whatever the result was.
    private static void Touch(SipMessage message)
    {
        var sum = message.ReasonPhrase.Length + message.TopVia.Received.Length + message.MaxForwards;
        sum += message.ContentType.Length + message.Bytes.Length;
        Span<char> digits = stackalloc char[32];
        Span<byte> user = stackalloc byte[64];
        if (SipUriView.TryParse(message.RequestUri, out var uri))
        {
            uri.TryGetNumber(digits, out _);
            uri.TryUnescapeUser(user, out _);
            uri.TryGetEndpoint(out _);
        }
        foreach (var header in message.Headers)
        {
            if (NameAddrView.TryParse(header.Value, out var address)) sum += address.Tag.Length;
            if (SipViaView.TryParse(header.Value, out var via)) sum += via.MAddr.Length;
        }
        if (sum < -1) throw new FuzzException("A length is negative.");
    }

    // A fold is two spaces here and one there; both are the same white space.
    private static string Flat(string value) =>
        string.Join(' ', value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
