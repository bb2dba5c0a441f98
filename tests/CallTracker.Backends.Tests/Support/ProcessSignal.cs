using System.Runtime.InteropServices;

namespace CallTracker.Backends.Tests.Support;

/// <summary>Stops and continues processes that a test started.</summary>
internal static class ProcessSignal
{
    public static void Stop(int processId) => _ = Send(processId, 19);

    public static void Continue(int processId) => _ = Send(processId, 18);

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int processId, int signal);
}
