using CallTracker.Core.Net;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>
/// Sends a numbered stream from a thread of its own, about a packet in 200 µs, while another thread moves the call; and
/// counts what its own phone receives, as nobody else reads that socket meanwhile.
/// </summary>
internal sealed class Talker
{
    public const int Count = 4000;
    private readonly MediaPeer _phone;
    private readonly Thread _thread;
    private readonly HashSet<int> _heard = [];

    public Talker(MediaPeer phone, IpEndpoint to)
    {
        _phone = phone;
        _thread = new Thread(() => Talk(phone, to)) { IsBackground = true };
        _thread.Start();
    }

    public bool IsAlive => _thread.IsAlive;

    /// <summary>True when this phone has heard all that the other sent; only after the thread has ended.</summary>
    public bool HasHeardAll()
    {
        _heard.UnionWith(_phone.ReceiveSequences());
        return _heard.Count == Count;
    }

    private void Talk(MediaPeer phone, IpEndpoint to)
    {
        for (var i = 2; i < Count + 2; i++)
        {
            phone.Send(to, Packets.Rtp(i));
            // A pace that both cores can follow, so that what is lost was lost by the relay.
            if (i % 5 == 0) Thread.Sleep(1);
            foreach (var sequence in phone.ReceiveSequences()) _heard.Add(sequence);
        }
    }
}
