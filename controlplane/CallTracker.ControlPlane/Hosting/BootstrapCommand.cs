using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Hosting;

/// <summary>
/// <c>bootstrap-operator --name NAME --key-file PATH</c>: makes an operator with a key that may do everything, and
/// keeps the key in a file that only its owner can read. Safe to run again: a key in the file stays in force, also
/// when Redis has forgotten it. Runs instead of the server and ends.
/// </summary>
internal static class BootstrapCommand
{
    public const string Name = "bootstrap-operator";
    public const string Usage = "usage: CallTracker.ControlPlane [" + Name + " --name NAME --key-file PATH]";
    private const int ConnectAttemptsMax = 20;
    private const int NameLengthMax = 200;

    /// <returns>The exit code: 0 done, 1 Redis is not there, 2 wrong arguments.</returns>
    public static async Task<int> RunAsync(
        string[] arguments, ControlPlaneOptions options, TextWriter output, TextWriter error)
    {
        var name = Argument(arguments, "--name");
        var keyFile = Argument(arguments, "--key-file");
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameLengthMax || name.Any(char.IsControl)
            || keyFile is null)
        {
            await error.WriteLineAsync(Usage);
            return 2;
        }
        await using var redis = new RedisStore(options.Redis);
        if (!await WaitForRedisAsync(redis))
        {
            await error.WriteLineAsync("Redis cannot be reached: is it running, is CALLTRACKER_REDIS(_PORT) right?");
            return 1;
        }
        var operatorId = await EnsureAsync(redis, name, keyFile);
        await output.WriteLineAsync($"operator {operatorId}, key in {keyFile}");
        return 0;
    }

    private static async Task<string> EnsureAsync(RedisStore redis, string name, string keyFile)
    {
        var keys = new ApiKeyStore(redis, new ApiKeyCache(TimeProvider.System), TimeProvider.System);
        var text = ReadKey(keyFile);
        if (text is not null && await keys.FindAsync(text) is { } known) return known.OperatorId;
        var operatorId = await new OperatorStore(redis, TimeProvider.System).FindOrCreateAsync(name);
        if (text is null) WriteKey(keyFile, text = ApiKeyText.Make());
        await keys.AddAsync(new ApiKeyRecord
        {
            KeyId = Identifier.Make(),
            OperatorId = operatorId,
            Name = "bootstrap",
            Scopes = Scopes.All,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        }, text);
        return operatorId;
    }

    private static string? ReadKey(string path)
    {
        if (!File.Exists(path)) return null;
        var text = File.ReadAllText(path).Trim();
        return ApiKeyText.IsWellFormed(text) ? text : null;
    }

    // Written beside and moved into place: the file is there whole and private, or not at all.
    private static void WriteKey(string path, string text)
    {
        var temporary = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using (var writer = new StreamWriter(temporary, options)) writer.Write(text + "\n");
        File.Move(temporary, path, overwrite: true);
    }

    private static async Task<bool> WaitForRedisAsync(RedisStore redis)
    {
        for (var i = 0; i < ConnectAttemptsMax; i++)
        {
            if (await redis.PingAsync()) return true;
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
        return false;
    }

    private static string? Argument(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }
}
