using System.Diagnostics;
using CallTracker.Core.Net;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>
/// Sends a numbered stream from a thread of its own while another thread moves the call, and counts what its own phone
/// receives. It runs at most <see cref="AheadMax"/> packets ahead of what the other has heard, so that no socket's
/// buffer overflows on a busy machine: a packet that is missing at the end was lost by the relay.
/// </summary>
internal sealed class Talker(MediaPeer phone, IpEndpoint to)
{
    public const int Count = 4000;
    private const int AheadMax = 40;
    private const int PatienceMs = 5000;
    private readonly HashSet<int> _heard = [];
    private Thread? _thread;
    private volatile int _heardCount;

    public bool IsAlive => _thread!.IsAlive;

    public void Start(Talker other)
    {
        _thread = new Thread(() => Talk(other)) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>True when this phone has heard all that the other sent; only after the thread has ended.</summary>
    public bool HasHeardAll()
    {
        Listen();
        return _heardCount == Count;
    }

    private void Talk(Talker other)
    {
        for (var i = 0; i < Count; i++)
        {
            phone.Send(to, Packets.Rtp(i + 2));
            // A pace at which the sockets are empty now and then, as they are at 50 packets/s: else no call enters.
            if (i % 5 == 0) Thread.Sleep(1);
            if (!ListenUntil(() => i - other._heardCount < AheadMax)) return;
        }
        _ = ListenUntil(() => _heardCount == Count);
    }

    private bool ListenUntil(Func<bool> isDone)
    {
        var watch = Stopwatch.StartNew();
        for (Listen(); !isDone(); Listen())
        {
            if (watch.ElapsedMilliseconds > PatienceMs) return false;
            // Give way: the relay's thread and the other phone's want the processor too.
            Thread.Yield();
        }
        return true;
    }

    private void Listen()
    {
        foreach (var sequence in phone.ReceiveSequences()) _heard.Add(sequence);
        _heardCount = _heard.Count;
    }
}
