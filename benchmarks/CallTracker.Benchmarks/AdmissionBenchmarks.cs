using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Benchmarks;

/// <summary>What refusing a new call under overload costs, without the system calls.</summary>
public class AdmissionBenchmarks
{
    private readonly byte[] _invite = Messages.Invite();
    private readonly byte[] _scratch = new byte[4096];

    [Benchmark]
    public int ReadAndRefuse()
    {
        if (!InviteGlance.TryRead(_invite, out var invite)) throw new InvalidOperationException("Not read.");
        var writer = new SipWriter(_scratch);
        invite.WriteRefusal(ref writer, "ov0123456789abcdef"u8, 5, IpEndpoint.FromIpv4(0x7F00_0001, 5060));
        return writer.Length;
    }
}
