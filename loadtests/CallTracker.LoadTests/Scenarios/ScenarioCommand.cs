using System.Runtime.InteropServices;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>Runs one scenario by its name; whatever happens, the product it started is stopped.</summary>
internal static class ScenarioCommand
{
    private const string Usage = """
        usage: CallTracker.LoadTests calls|media|idle|chaos|versus|ramp|overload|linger|fastpath|spray|limit|recordings
               [options]
               (see loadtests/README.md)
               CallTracker.LoadTests relay-only --pairs FILE [options]
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || Find(args[0]) is not { } scenario)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        ScenarioContext? context = null;
        try
        {
            context = new ScenarioContext(LoadOptions.Parse(args[1..]));
            var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            var run = Task.Run(() => scenario(context));
            if (await Task.WhenAny(run, interrupted.Task) != run) throw new LoadTestException("interrupted");
            await run;
            await BesideRun.RunAsync(args[0], context);
            return context.End();

            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = true;
                interrupted.TrySetResult();
            }
        }
        catch (LoadTestException e)
        {
            await Console.Error.WriteLineAsync($"{args[0]}: {e.Message}");
            return 1;
        }
        finally
        {
            if (context is not null) await context.DisposeAsync();
        }
    }

    private static Func<ScenarioContext, Task>? Find(string name) => name switch
    {
        "calls" => CallsScenario.RunAsync,
        "media" => MediaScenario.RunAsync,
        "idle" => IdleScenario.RunAsync,
        "chaos" => ChaosScenario.RunAsync,
        "versus" => VersusScenario.RunAsync,
        "ramp" => RampScenario.RunAsync,
        "overload" => OverloadScenario.RunAsync,
        "linger" => LingerScenario.RunAsync,
        "fastpath" => FastPathScenario.RunAsync,
        "spray" => SprayScenario.RunAsync,
        "limit" => LimitScenario.RunAsync,
        "recordings" => RecordingsScenario.RunAsync,
        _ => null,
    };
}
