using System.Numerics;
using BenchmarkDotNet.Attributes;

namespace CallTracker.Benchmarks;

/// <summary>What the gate stands on: one that must allocate, and one whose time tells the machine's speed.</summary>
public class ControlBenchmarks
{
    private readonly byte[] _bytes = new byte[4096];
    private object? _last;

    [Benchmark]
    public object OneObject() => _last = new object();

    [Benchmark]
    public uint Yardstick()
    {
        var crc = _last is null ? 1u : 2u;
        foreach (var b in _bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
