using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Sip.Parsing;

namespace CallTracker.Benchmarks;

/// <summary>Reading the messages of a call, as every datagram is read.</summary>
public class SipParsingBenchmarks
{
    private readonly SipMessage _message = new();
    private readonly byte[] _invite = Messages.Invite();
    private readonly byte[] _ok = Messages.Ok();
    private readonly byte[] _bye = Messages.Bye();

    [Benchmark]
    public SipParseResult ParseInvite() => Parse(_invite);

    [Benchmark]
    public SipParseResult ParseOk() => Parse(_ok);

    [Benchmark]
    public SipParseResult ParseBye() => Parse(_bye);

    private SipParseResult Parse(byte[] bytes)
    {
        var result = _message.Parse(bytes, 0, bytes.Length);
        return result == SipParseResult.Ok ? result : throw new InvalidOperationException($"Refused: {result}.");
    }
}
