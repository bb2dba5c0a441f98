using System.Text;
using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Core.Net;
using CallTracker.Media.Sdp;

namespace CallTracker.Benchmarks;

/// <summary>An offer is read and written anew for the other leg.</summary>
public class SdpBenchmarks
{
    private readonly SdpView _view = new();
    private readonly byte[] _sdp = Encoding.ASCII.GetBytes(Messages.Sdp);
    private readonly byte[] _output = new byte[2048];
    private readonly IpEndpoint _local = IpEndpoint.FromIpv4(0x7F00_0001, 20_000);
    private SdpOrigin _origin = new(77);

    [Benchmark]
    public int ParseAndRewrite()
    {
        if (_view.Parse(_sdp) != SdpParseResult.Ok) throw new InvalidOperationException("Refused.");
        var result = SdpRewriter.Write(_view, _local, ref _origin, _output, out var length);
        return result == SdpRewriteResult.Ok ? length : throw new InvalidOperationException($"{result}.");
    }
}
