using CallTracker.Core.Net;
using CallTracker.Media.FastPath;
using CallTracker.Media.Rtp;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>The kernel's program, loaded but attached to nothing, with one direction of a call in its table.</summary>
internal sealed class ProgramBench : IDisposable
{
    public const int Redirected = 7;
    public const int Up = -1;
    private readonly byte[] _changed = new byte[4096];
    private readonly int _entry;

    public ProgramBench(int version)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loading eBPF programs needs root");
        Path = FastPathProgram.TryOpen(FastLab.Settings(), attach: false, out var reason)!;
        Assert.SkipUnless(Path is not null, reason);
        Remote = FastLab.Endpoint(version == 4 ? "203.0.113.77" : "2001:db8:ffff:7::9", 4002);
        Local = FastLab.Address(version, FastLab.FirstPort + 2);
        Out = FastLab.Address(version, FastLab.FirstPort + 4);
        Peer = FastLab.Endpoint(version == 4 ? "198.51.100.9" : "2001:db8:1:2:3:4:5:6", 60_000);
        Path!.Table.TryFind(Local, out _entry).ShouldBeTrue();
        FlowWriter.Write(ref Entry, Remote, Local, Out, Peer, new RouteHop(1, Peer));
        Entry.ClockRateHz = 8000;
        Entry.GiveToKernel();
    }

    public FastPathProgram Path { get; }

    public IpEndpoint Remote { get; }

    public IpEndpoint Local { get; }

    public IpEndpoint Out { get; }

    public IpEndpoint Peer { get; }

    public ref FlowEntry Entry => ref Path.Table.At(_entry);

    /// <summary>Runs the program on a frame of the call.</summary>
    public int Run(ReadOnlySpan<byte> payload, out byte[] changed) =>
        RunFrame(Frames.Udp(Remote, Local, payload), out changed);

    public int RunFrame(byte[] frame, out byte[] changed)
    {
        var result = Path.Program.Run(frame, _changed, out var length);
        result.ShouldNotBe(int.MinValue, "the kernel ran nothing");
        changed = _changed[..length];
        return result;
    }

    public static RtpHeader HeaderOf(byte[] packet)
    {
        RtpHeader.Parse(packet, paddingReadable: false, out var header).ShouldBe(RtpParseResult.Ok);
        return header;
    }

    public void Dispose() => Path.Dispose();
}
