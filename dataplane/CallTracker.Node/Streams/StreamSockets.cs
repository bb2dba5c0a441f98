using System.Net.Sockets;

namespace CallTracker.Node.Streams;

/// <summary>What every socket of a connection is set to. Stateless.</summary>
internal static class StreamSockets
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    /// <summary>
    /// No waiting for more to send; a peer that acknowledges nothing is given up by the kernel in the time that one
    /// write may take, not after a quarter of an hour. Throws when the connection is gone already.
    /// </summary>
    public static void Prepare(Socket socket, StreamSettings settings)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(settings.WriteMsMax));
    }
}
