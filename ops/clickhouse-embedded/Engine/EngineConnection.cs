using System.Text;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// One session of the engine: current database, settings, temporary tables. Opening one takes 0.4 ms (measured), so
/// each request without a session_id has its own and no setting can leak into the next. Used by one thread at a time;
/// every call blocks that thread until the engine is done.
/// </summary>
internal sealed unsafe class EngineConnection : IDisposable
{
    private readonly EngineHost _host;
    private nint* _handle;

    public EngineConnection(EngineHost host, nint* handle)
    {
        _host = host;
        _handle = handle;
    }

    private nint Handle => _handle is null ? throw new ObjectDisposedException(nameof(EngineConnection)) : *_handle;

    public EngineResult Query(string sql) => Query(Encoding.UTF8.GetBytes(sql), "TSV", null);

    public EngineResult Query(ReadOnlySpan<byte> sql, string format, QueryParameters? parameters)
    {
        var formatBytes = Encoding.UTF8.GetBytes(format);
        fixed (byte* text = sql)
        fixed (byte* formatText = formatBytes)
        {
            var result = ChdbApi.Query(
                Handle, text, (nuint)sql.Length, formatText, (nuint)formatBytes.Length,
                parameters is null ? null : parameters.Names, parameters is null ? null : parameters.NameBytes,
                parameters is null ? null : parameters.Values, parameters is null ? null : parameters.ValueBytes,
                parameters?.Count ?? 0);
            return EngineResult.Take(result);
        }
    }

    /// <summary>Asks the engine's parser what the text is, without running it.</summary>
    public QueryAnalysis Classify(ReadOnlySpan<byte> sql)
    {
        var analysis = new QueryAnalysis { StructBytes = (uint)sizeof(QueryAnalysis), Class = QueryClass.Unknown };
        fixed (byte* text = sql)
        {
            if (ChdbApi.Classify(Handle, text, (nuint)sql.Length, null, 0, &analysis) != ChdbApi.Success)
                analysis.Class = QueryClass.Unknown;
        }

        return analysis;
    }

    /// <summary>Begins an INSERT whose rows follow by <see cref="EngineInsert.Append"/>.</summary>
    public EngineInsert BeginInsert(ReadOnlySpan<byte> head, string format, QueryParameters parameters)
    {
        var formatBytes = Encoding.UTF8.GetBytes(format);
        fixed (byte* text = head)
        fixed (byte* formatText = formatBytes)
        {
            return new EngineInsert(ChdbApi.InsertStream(
                Handle, text, (nuint)head.Length, formatText, (nuint)formatBytes.Length,
                parameters.Names, parameters.NameBytes, parameters.Values, parameters.ValueBytes, parameters.Count));
        }
    }

    public void Dispose()
    {
        if (_handle is null)
            return;
        ChdbApi.CloseConnection(_handle);
        _handle = null;
        _host.OnClosed();
    }
}
