using System.Net;
using System.Net.Sockets;

namespace CallTracker.EndToEnd.Tests.Registration;

/// <summary>
/// Carries connections from a port of this machine on to the node, from an address that no trunk has: what a phone
/// behind a far router looks like. Bytes pass as they are. Owned by one test.
/// </summary>
internal sealed class TcpDetour : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _sockets = [];
    private readonly IPAddress _from;
    private readonly IPEndPoint _to;
    private readonly Task _accepting;

    public TcpDetour(IPAddress from, int nodePort)
    {
        (_from, _to) = (from, new IPEndPoint(IPAddress.Loopback, nodePort));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections made so far.</summary>
    public int Count { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var socket in _sockets) socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync();
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                far.Bind(new IPEndPoint(_from, 0));
                await far.ConnectAsync(_to);
                _sockets.AddRange([near, far]);
                Count++;
                _ = Task.WhenAll(CopyAsync(near, far), CopyAsync(far, near));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[8192];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0) await to.SendAsync(buffer.AsMemory(0, count));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone; the other learns it from its own end.
        }
    }
}
