using BenchmarkDotNet.Attributes;

namespace CallTracker.Benchmarks;

/// <summary>
/// The call of <see cref="CallBenchmarks"/> between two trunks whose media goes past the node: no session of the relay.
/// </summary>
public class DirectCallBenchmarks
{
    private readonly CallBenchmarks _calls = new(isDirect: true);

    [GlobalSetup]
    public void Setup() => _calls.Setup();

    [Benchmark]
    public int WholeCall() => _calls.WholeCall();

    [GlobalCleanup]
    public void Cleanup() => _calls.Cleanup();
}
