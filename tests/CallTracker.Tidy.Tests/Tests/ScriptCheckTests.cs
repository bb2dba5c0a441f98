using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="ScriptCheck"/> can fail.</summary>
public sealed class ScriptCheckTests
{
    private const string Good = "#!/usr/bin/env bash\n# Says what it is.\n\nset -euo pipefail\necho hello\n";

    [Theory]
    [InlineData("ops/run", Good)]
    [InlineData("ops/run*", "#!/bin/sh\nset -euo pipefail\n")]
    [InlineData("ops/run*", "#!/usr/bin/env bash\necho hello\nset -euo pipefail\n")]
    [InlineData(".ci/run*", "#!/usr/bin/env bash\nset -e\n")]
    public void Script_ThatGoesOnAfterErrors_IsFound(string path, string text)
        => CheckAssert.Finds<ScriptCheck>(1, (path, text));

    [Theory]
    [InlineData("ops/run*", Good)]
    [InlineData("README.md", "# not a script\n")]
    public void Script_StrictAndExecutable_IsAccepted(string path, string text)
        => CheckAssert.Accepts<ScriptCheck>((path, text));
}
