using System.Diagnostics;
using System.Runtime.CompilerServices;
using CallTracker.Media.FastPath;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>
/// This test program as a second process that opens the fast path, says how that went, and stays until it is killed:
/// what becomes of the kernel's part then, and with which rights it opens, no test of one process can show.
/// </summary>
internal static class FastPathChild
{
    private const string Variable = "CALLTRACKER_TEST_FASTPATH_CHILD";

    /// <summary>Starts it behind a command that changes its rights or namespace; its first line comes back.</summary>
    public static Process Start(string[] before, out string said)
    {
        string[] command = [.. before, Environment.ProcessPath!];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [Variable] = "1" },
        };
        var process = Process.Start(start)!;
        said = process.StandardOutput.ReadLine() ?? "";
        return process;
    }

    /// <summary>Before the test runner begins: does nothing unless this process was started as the child.</summary>
    [ModuleInitializer]
    public static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) return;
        var program = FastPathProgram.TryOpen(FastLab.Settings(), out var reason);
        Console.WriteLine(program is null ? reason : "open on " + program.Interfaces);
        // Until the other end closes, which it does by its own end at the latest.
        while (Console.In.Read() >= 0) continue;
        Environment.Exit(0);
    }
}
