using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>Opens connections to peers, within a bounded time, TLS with verified certificates. Stateless.</summary>
/// <param name="parts">Shared by all connections.</param>
/// <param name="tls">The node's TLS; it verifies also where the node has no certificate.</param>
/// <param name="binds">Our addresses: connections begin at the one of their IP version.</param>
internal sealed class StreamDialer(StreamParts parts, StreamTls tls, IReadOnlyList<IPAddress> binds)
{
    /// <summary>Null when the connection is open.</summary>
    public async Task<ConnectFailure?> TryOpenAsync(StreamConnection connection)
    {
        using var limit = new CancellationTokenSource(parts.Settings.ConnectMsMax);
        var remote = ToEndPoint(connection.Remote);
        try
        {
            // Fails too: without a descriptor, or on a machine without the peer's IP version.
            var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            connection.Attach(socket);
            StreamSockets.Prepare(socket, parts.Settings);
            // Carriers know our address: with several in one machine, the kernel's choice may be another.
            var bind = binds.FirstOrDefault(b => b.AddressFamily == remote.AddressFamily);
            if (bind is not null) socket.Bind(new IPEndPoint(bind, 0));
            await socket.ConnectAsync(remote, limit.Token);
            connection.Open(await OpenStreamAsync(connection, socket, limit.Token));
            return null;
        }
        catch (Exception e) when (
            e is SocketException or IOException or AuthenticationException or ObjectDisposedException
                or OperationCanceledException or InvalidOperationException)
        {
            return FailureOf(e);
        }
    }

    private async Task<Stream> OpenStreamAsync(StreamConnection connection, Socket socket, CancellationToken ct)
    {
        var plain = new NetworkStream(socket, ownsSocket: true);
        if (connection.Kind != SipTransportKind.Tls) return plain;
        return await tls.ConnectAsync(plain, ServerNameOf(connection.Remote), ct);
    }

    // The name a trunk was configured with; a next hop that is no trunk's address must have a certificate for it.
    private string ServerNameOf(in IpEndpoint remote) =>
        parts.Trunks().FindTls(remote)?.ServerName is { Length: > 0 } name
            ? name
            : ToEndPoint(remote).Address.ToString();

    private static IPEndPoint ToEndPoint(in IpEndpoint endpoint)
    {
        Span<byte> text = stackalloc byte[IpEndpoint.TextLengthMax];
        var length = endpoint.FormatAddress(text);
        return new IPEndPoint(IPAddress.Parse(System.Text.Encoding.ASCII.GetString(text[..length])), endpoint.Port);
    }

    private static ConnectFailure FailureOf(Exception exception) => exception switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => ConnectFailure.Refused,
        SocketException { SocketErrorCode: SocketError.TimedOut } or OperationCanceledException
            => ConnectFailure.TimedOut,
        AuthenticationException => ConnectFailure.Tls,
        _ => ConnectFailure.Network,
    };
}
