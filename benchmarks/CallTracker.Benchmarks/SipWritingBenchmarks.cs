using System.Text;
using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Benchmarks;

/// <summary>Answering an INVITE: the copied headers, ours, and the body.</summary>
public class SipWritingBenchmarks
{
    private readonly SipMessage _invite = new();
    private readonly byte[] _bytes = Messages.Invite();
    private readonly byte[] _sdp = Encoding.ASCII.GetBytes(Messages.Sdp);
    private readonly byte[] _buffer = new byte[2048];
    private readonly IpEndpoint _source = IpEndpoint.FromIpv4(0x7F00_0001, 5071);

    [GlobalSetup]
    public void Setup() => _invite.Parse(_bytes, 0, _bytes.Length);

    [Benchmark]
    public int WriteOk()
    {
        var writer = new SipWriter(_buffer);
        writer.WriteResponse(_invite, 200, default, "n1"u8, _source);
        writer.Header(SipHeaderKind.Contact, "<sip:127.0.0.1:5060>"u8);
        writer.Body("application/sdp"u8, _sdp);
        return Checked(writer);
    }

    [Benchmark]
    public int WriteRefusal()
    {
        var writer = new SipWriter(_buffer);
        writer.WriteRefusal(_invite, 404, "n1"u8, _source);
        return Checked(writer);
    }

    private static int Checked(in SipWriter writer) =>
        writer.Written.IsEmpty ? throw new InvalidOperationException("Did not fit.") : writer.Length;
}
