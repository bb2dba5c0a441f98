using System.Net;
using System.Net.Sockets;
using System.Text;
using CallTracker.Calls.Tracing;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Sends every message to a HEP receiver (Homer, heplify-server) by UDP, masked, with the call's trn_id as correlation
/// id. What the kernel does not take at once is lost and counted. Owned by the collector's task.
/// </summary>
internal sealed class HepMirror : IDisposable
{
    // The longest UDP payload.
    private const int LengthMax = 65_507;
    private const int SendBufferBytes = 4 << 20;
    private readonly Socket _socket;
    private readonly byte[] _packet = new byte[LengthMax];
    private readonly byte[] _password;
    private readonly uint _captureId;
    private readonly TraceCounters _counters;

    public HepMirror(TraceSettings settings, IPEndPoint receiver, TraceCounters counters)
    {
        _counters = counters;
        _captureId = settings.HepId;
        _password = Encoding.UTF8.GetBytes(settings.HepPassword);
        _socket = new Socket(receiver.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            Blocking = false,
            SendBufferSize = SendBufferBytes,
        };
        _socket.Connect(receiver);
    }

    /// <summary>Masks the message in place and sends it.</summary>
    /// <param name="entry">Its header.</param>
    /// <param name="message">Its bytes, which are changed.</param>
    /// <param name="trnId">Empty for what belongs to no call.</param>
    public void Send(in TraceEntry entry, Span<byte> message, string trnId)
    {
        Span<byte> correlation = stackalloc byte[32];
        correlation = correlation[..Encoding.ASCII.GetBytes(trnId, correlation)];
        if (message.Length + correlation.Length + _password.Length + HepPacket.OverheadMax > LengthMax)
        {
            _counters.HepFailed++;
            return;
        }
        SecretMask.Apply(message);
        var length = HepPacket.Write(_packet, entry, message, correlation, _captureId, _password);
        _socket.Send(_packet.AsSpan(0, length), SocketFlags.None, out var error);
        // That an earlier packet met nobody is told here, and this one has not left: the receiver may be back.
        if (error == SocketError.ConnectionRefused)
            _socket.Send(_packet.AsSpan(0, length), SocketFlags.None, out error);
        if (error == SocketError.Success) _counters.HepSent++;
        else _counters.HepFailed++;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
