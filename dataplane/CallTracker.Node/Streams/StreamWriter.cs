namespace CallTracker.Node.Streams;

/// <summary>
/// Writes one connection's queue, a message at a time. When the connection ends, what is left goes to the hub. One
/// task.
/// </summary>
internal static class StreamWriter
{
    /// <summary>Writes until the queue is finished and empty, or the connection broke.</summary>
    public static async Task RunAsync(StreamConnection connection, StreamParts parts)
    {
        while (await connection.Writes.WaitToReadAsync() && !connection.IsClosed)
        {
            while (!connection.IsClosed && connection.Writes.TryRead(out var write))
            {
                if (await TryWriteAsync(connection, write)) parts.Counters.AddSent();
                else parts.Undelivered(connection, write);
                connection.Release(write);
            }
        }
        GiveBack(connection, parts);
    }

    /// <summary>What was never written is somebody else's concern now.</summary>
    public static void GiveBack(StreamConnection connection, StreamParts parts)
    {
        while (connection.Writes.TryRead(out var write))
        {
            parts.Undelivered(connection, write);
            connection.Release(write);
        }
    }

    private static async ValueTask<bool> TryWriteAsync(StreamConnection connection, StreamWrite write)
    {
        try
        {
            connection.MarkWriting(true);
            await connection.Stream!.WriteAsync(write.Buffer.AsMemory(0, write.Length));
            return true;
        }
        catch (Exception e) when (
            e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            connection.Close(CloseCause.Peer);
            return false;
        }
        finally
        {
            connection.MarkWriting(false);
        }
    }
}
