using BenchmarkDotNet.Attributes;
using CallTracker.Core.Time;

namespace CallTracker.Benchmarks;

/// <summary>The wheel with 10,000 timers pending, as on a busy worker.</summary>
public class TimerWheelBenchmarks
{
    private const int Pending = 10_000;
    private readonly TimerWheel _wheel = new(0, 2 * Pending, 2 * Pending);
    private readonly TimerWheel _firing = new(0, 2 * Pending, 2 * Pending);
    private Rescheduler _sink;
    private long _nowMs;

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < Pending; i++)
        {
            _wheel.Schedule(0, 500 + (i * 7 % 32_000), 1, i);
            _firing.Schedule(0, i % 500, 1, i);
        }
        _sink = new Rescheduler(_firing);
    }

    [Benchmark]
    public bool ScheduleAndCancel()
    {
        var timer = _wheel.Schedule(0, 32_000, 1, 1);
        return _wheel.Cancel(ref timer) ? true : throw new InvalidOperationException("Gone.");
    }

    // One operation is one timer that fires and is scheduled again: 80 a tick.
    [Benchmark(OperationsPerInvoke = 80)]
    public int FireAndReschedule()
    {
        _nowMs += TimerWheel.TickMs;
        _sink.NowMs = _nowMs;
        _firing.Advance(_nowMs, ref _sink);
        return _sink.Fired;
    }

    private struct Rescheduler(TimerWheel wheel) : ITimerSink
    {
        public long NowMs { get; set; }

        public int Fired { get; private set; }

        public void OnTimer(ushort kind, int owner, TimerHandle handle)
        {
            Fired++;
            wheel.Schedule(NowMs, 500, kind, owner);
        }
    }
}
