using CallTracker.Media.Playback;

namespace CallTracker.Node.Prompts;

/// <summary>
/// Keeps the node's prompts as the WAV files of a folder are: <c>music.wav</c> is the prompt <c>music</c>. Looks every
/// two seconds and reads what has changed, on the thread pool, never on a worker. A file that cannot be used is told of
/// once, and what its name stood for before stays; a file that is gone takes its prompt along. Calls that hear a former
/// prompt hear it to its end. Owned by the node's host.
/// </summary>
internal sealed class PromptFolder : IDisposable
{
    private const int CheckMs = 2_000;
    // More files than the store has room for are not looked at.
    private const int FilesMax = 2_000;
    private readonly string _path;
    private readonly PromptStore _store;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private readonly SortedDictionary<string, PromptFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withoutRoom = new(StringComparer.Ordinal);
    private Timer? _timer;
    private long _refused;

    /// <param name="path">The folder; it need not exist.</param>
    /// <param name="store">Where workers find the prompts.</param>
    /// <param name="logger">For what was taken and what was not.</param>
    public PromptFolder(string path, PromptStore store, ILogger logger) =>
        (_path, _store, _logger) = (path, store, logger);

    /// <summary>Files that could not be used, and prompts without room, since start; any thread.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Begins to look, at once and then every two seconds.</summary>
    public void Start() => _timer = new Timer(_ => Look(), null, 0, CheckMs);

    /// <summary>Looks at the folder now; one at a time, a look that meets another does nothing.</summary>
    public void Look()
    {
        if (!_looking.TryEnter()) return;
        try
        {
            if (ReadChanges()) Publish();
        }
        finally
        {
            _looking.Exit();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private bool ReadChanges()
    {
        var hasChanged = false;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in ListFiles())
        {
            var id = Path.GetFileNameWithoutExtension(file.Name);
            seen.Add(id);
            if (_files.TryGetValue(id, out var known) && known.IsOf(file)) continue;
            _files[id] = Read(file, id, known);
            hasChanged = true;
        }
        foreach (var id in _files.Keys.Where(id => !seen.Contains(id)).ToArray()) hasChanged |= _files.Remove(id);
        return hasChanged;
    }

    private PromptFile Read(FileInfo file, string id, PromptFile? before)
    {
        var read = PromptStore.IsId(id)
            ? PromptFile.Read(file, id)
            : new PromptFile(file.LastWriteTimeUtc, file.Length, null, "its name is not 1 to 64 of A-Z a-z 0-9 _ -");
        if (read.Prompt is { } prompt)
        {
            PromptLogMessages.Taken(_logger, id, prompt.DurationMs / 1000.0);
            return read;
        }
        Interlocked.Increment(ref _refused);
        PromptLogMessages.Refused(_logger, file.Name, read.Reason);
        return read with { Prompt = before?.Prompt };
    }

    private void Publish()
    {
        var refused = new List<Prompt>();
        _store.Replace([.. _files.Values.Select(f => f.Prompt).OfType<Prompt>()], refused);
        _withoutRoom.IntersectWith(refused.Select(p => p.Id));
        foreach (var prompt in refused)
        {
            if (!_withoutRoom.Add(prompt.Id)) continue;
            Interlocked.Increment(ref _refused);
            PromptLogMessages.Refused(_logger, prompt.Id + ".wav", "the store is full");
        }
    }

    // A folder that is missing or cannot be read has no files; one that vanishes while it is read, neither.
    private List<FileInfo> ListFiles()
    {
        try
        {
            return [.. new DirectoryInfo(_path).EnumerateFiles("*.wav").Take(FilesMax).Where(f => f.Exists)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
