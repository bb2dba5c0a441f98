using System.Net;
using System.Net.Sockets;
using CallTracker.Core.Net;
using CallTracker.Node.Options;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>
/// Accepts connections on one address and port. A source that may not come is closed before a byte is read: one
/// that no trunk knows where none accepts registration, and one too many. One task.
/// </summary>
internal sealed class StreamListener : IDisposable
{
    private const int Backlog = 512;
    private const int PauseMs = 100;
    private readonly Socket _socket;
    private readonly SipTransportKind _kind;
    private readonly StreamParts _parts;
    private readonly Func<StreamConnection, Socket, Task> _serve;
    private Task _task = Task.CompletedTask;
    private volatile bool _isStopping;

    /// <summary>Binds; throws <see cref="OptionException"/> with one clear line.</summary>
    /// <param name="endpoint">Address and port.</param>
    /// <param name="kind">TCP or TLS.</param>
    /// <param name="parts">Shared by all connections.</param>
    /// <param name="serve">Runs an accepted connection to its end; never throws.</param>
    public StreamListener(
        IPEndPoint endpoint, SipTransportKind kind, StreamParts parts, Func<StreamConnection, Socket, Task> serve)
    {
        (_kind, _parts, _serve) = (kind, parts, serve);
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) _socket.DualMode = false;
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            _socket.Bind(endpoint);
            _socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new OptionException($"The SIP port {endpoint} ({kind}) cannot be bound ({e.SocketErrorCode}).");
        }
    }

    public IPEndPoint Endpoint => (IPEndPoint)_socket.LocalEndPoint!;

    public void Start() => _task = Task.Run(AcceptAsync);

    public void Dispose()
    {
        _isStopping = true;
        _socket.Dispose();
        _task.Wait();
    }

    private async Task AcceptAsync()
    {
        while (!_isStopping)
        {
            try
            {
                Take(await _socket.AcceptAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Out of descriptors, or a peer that was gone again: a moment later it may be better.
                if (!_isStopping) await Task.Delay(PauseMs);
            }
        }
    }

    private void Take(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint remote)
        {
            socket.Dispose();
            return;
        }
        var peer = new StreamPeer(_kind, IpEndpoint.From(remote.Address, remote.Port));
        // What a phone once proved on another connection is not asked here; the sweep finds out.
        var connection = _parts.Trunks().Knows(peer.Remote)
            ? _parts.Table.TryAccept(peer, out var cause)
            : _parts.Strangers.TryAccept(peer, out cause);
        if (connection is not null) _ = _serve(connection, socket);
        else Refuse(socket, cause);
    }

    // Reset, not closed: nothing of a stranger's stays behind in the kernel.
    private void Refuse(Socket socket, RefuseCause cause)
    {
        _parts.Counters.Add(cause);
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // It is gone by itself.
        }
        socket.Dispose();
    }
}
