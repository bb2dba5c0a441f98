using CallTracker.Media.FastPath;
using CallTracker.Node.Options;

namespace CallTracker.Node.Hosting;

/// <summary>Switches the kernel fast path on at start, or says in one line why it is off. Stateless.</summary>
internal static class FastPathStart
{
    /// <summary>Null when it is off; throws <see cref="OptionException"/> when it is required and cannot be
    /// had.</summary>
    public static FastPathProgram? Open(NodeOptions options, ILogger logger)
    {
        if (options.FastPath.Mode == FastPathMode.Off) return null;
        var program = FastPathProgram.TryOpen(FastPathOptions.SettingsOf(options), out var reason);
        if (program is not null) NodeLogMessages.FastPathOn(logger, program.Interfaces);
        else if (options.FastPath.Mode == FastPathMode.Required)
            throw new OptionException($"CALLTRACKER_FASTPATH is required, but {reason}.");
        else NodeLogMessages.FastPathOff(logger, reason);
        return program;
    }
}
