using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Transactions;

/// <summary>
/// Every arrow of RFC 3261 figures 5 to 8 as changed by RFC 6026, and that there is no other: <c>figures.tsv</c> names
/// each state and input of each machine, the next state, the actions, the timers, and the test on the fake clock.
/// </summary>
public sealed class MachineTests
{
    [Fact]
    public void Machine_ForEveryStateAndInput_HasTheArrowsOfTheFigureAndNoOther()
    {
        foreach (var row in FigureRow.All)
        {
            var step = TransactionMachines.Next(row.Machine, row.State, row.Input);
            (step.Next, step.Actions).ShouldBe((row.Next, row.Actions), row.ToString());
        }
    }

    [Fact]
    public void Figures_OfAllMachines_NameEveryStateAndInputOnce()
    {
        foreach (var machine in Enum.GetValues<TransactionKind>().Except([TransactionKind.None]))
        {
            var rows = FigureRow.All.Where(row => row.Machine == machine).ToList();
            var states = rows.Select(row => row.State).Distinct().ToList();
            var pairs = from state in states from input in Enum.GetValues<TransactionInput>() select (state, input);
            rows.Select(row => (row.State, row.Input)).ShouldBe(pairs, ignoreOrder: true);
            // No arrow leads out of the table, and the states it leaves out have none.
            rows.Select(row => row.Next).Except(states).ShouldBe([TransactionState.Terminated]);
            foreach (var state in Enum.GetValues<TransactionState>().Except(states))
            {
                foreach (var input in Enum.GetValues<TransactionInput>())
                {
                    var step = TransactionMachines.Next(machine, state, input);
                    (step.Next, step.Actions).ShouldBe((state, TransactionActions.None), $"{machine} {state} {input}");
                }
            }
        }
    }

    [Fact]
    public void Arrow_OfEachFigure_HasItsTestOnTheFakeClock()
    {
        var tests = typeof(MachineTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}")).ToHashSet();
        foreach (var row in FigureRow.All)
        {
            row.Why.ShouldNotBeEmpty();
            var isArrow = row.Actions != TransactionActions.None || row.Next != row.State;
            if (isArrow) tests.ShouldContain(row.Test, row.ToString());
            else row.Test.ShouldBe("-", row.ToString());
        }
    }

    [Theory]
    [InlineData(100, nameof(TransactionInput.Provisional))]
    [InlineData(199, nameof(TransactionInput.Provisional))]
    [InlineData(200, nameof(TransactionInput.Success))]
    [InlineData(299, nameof(TransactionInput.Success))]
    [InlineData(300, nameof(TransactionInput.Failure))]
    [InlineData(699, nameof(TransactionInput.Failure))]
    public void StatusCode_AtEachClassBorder_IsTheRightInput(int code, string input) =>
        TransactionMachines.InputOf(code).ToString().ShouldBe(input);
}
