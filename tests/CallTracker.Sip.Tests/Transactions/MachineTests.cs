using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Transactions;

/// <summary>
/// Every arrow of RFC 3261 figures 5 to 8 as changed by RFC 6026, and that there is no other. One line: state, input,
/// next state, actions.
/// </summary>
public sealed class MachineTests
{
    private const string InviteClient = """
        Calling RetransmitTimer Calling SendAgain,DoubleInterval
        Calling GiveUpTimer Terminated TellTimeout
        Calling TransportError Terminated TellTransportError
        Calling Provisional Proceeding Tell,StopRetransmit,StopGiveUp
        Calling Success Accepted Tell,StopRetransmit,StopGiveUp,StartLinger
        Calling Failure Completed SendAck,Tell,StopRetransmit,StopGiveUp,StartLinger
        Proceeding Provisional Proceeding Tell
        Proceeding Success Accepted Tell,StopGiveUp,StartLinger
        Proceeding Failure Completed SendAck,Tell,StopGiveUp,StartLinger
        Proceeding GiveUpTimer Terminated TellTimeout
        Completed Failure Completed SendAck
        Completed TransportError Terminated TellTransportError
        Completed LingerTimer Terminated None
        Accepted Success Accepted Tell
        Accepted LingerTimer Terminated None
        """;

    private const string NonInviteClient = """
        Trying RetransmitTimer Trying SendAgain,DoubleIntervalToT2
        Trying GiveUpTimer Terminated TellTimeout
        Trying TransportError Terminated TellTransportError
        Trying Provisional Proceeding Tell
        Trying Success Completed Tell,StopRetransmit,StopGiveUp,StartLinger
        Trying Failure Completed Tell,StopRetransmit,StopGiveUp,StartLinger
        Proceeding RetransmitTimer Proceeding SendAgain,IntervalT2
        Proceeding GiveUpTimer Terminated TellTimeout
        Proceeding TransportError Terminated TellTransportError
        Proceeding Provisional Proceeding Tell
        Proceeding Success Completed Tell,StopRetransmit,StopGiveUp,StartLinger
        Proceeding Failure Completed Tell,StopRetransmit,StopGiveUp,StartLinger
        Completed LingerTimer Terminated None
        """;

    private const string InviteServer = """
        Proceeding RequestAgain Proceeding SendAgain
        Proceeding Provisional Proceeding Send
        Proceeding Success Accepted Send,StartRetransmit,StartGiveUp
        Proceeding Failure Completed Send,StartRetransmit,StartGiveUp
        Proceeding TransportError Proceeding TellTransportError
        Completed RequestAgain Completed SendAgain
        Completed RetransmitTimer Completed SendAgain,DoubleIntervalToT2
        Completed GiveUpTimer Terminated TellTimeout
        Completed Ack Confirmed StopRetransmit,StopGiveUp,StartLinger
        Completed TransportError Completed TellTransportError
        Accepted Success Accepted Send
        Accepted Ack Accepted Tell
        Accepted RetransmitTimer Accepted SendAgain,DoubleIntervalToT2
        Accepted GiveUpTimer Terminated TellTimeout
        Accepted TransportError Accepted TellTransportError
        Accepted LingerTimer Terminated None
        Confirmed LingerTimer Terminated None
        """;

    private const string NonInviteServer = """
        Trying Provisional Proceeding Send
        Trying Success Completed Send,StopGiveUp,StartLinger
        Trying Failure Completed Send,StopGiveUp,StartLinger
        Trying GiveUpTimer Terminated TellTimeout
        Trying TransportError Terminated TellTransportError
        Proceeding RequestAgain Proceeding SendAgain
        Proceeding Provisional Proceeding Send
        Proceeding Success Completed Send,StopGiveUp,StartLinger
        Proceeding Failure Completed Send,StopGiveUp,StartLinger
        Proceeding GiveUpTimer Terminated TellTimeout
        Proceeding TransportError Terminated TellTransportError
        Completed RequestAgain Completed SendAgain
        Completed TransportError Terminated TellTransportError
        Completed LingerTimer Terminated None
        """;

    [Theory]
    [InlineData(nameof(TransactionKind.InviteClient), InviteClient)]
    [InlineData(nameof(TransactionKind.NonInviteClient), NonInviteClient)]
    [InlineData(nameof(TransactionKind.InviteServer), InviteServer)]
    [InlineData(nameof(TransactionKind.NonInviteServer), NonInviteServer)]
    public void Machine_ForEveryStateAndInput_HasTheArrowsOfTheFigureAndNoOther(string machine, string figure)
    {
        var kind = Enum.Parse<TransactionKind>(machine);
        var arrows = figure.Split('\n').Select(line => line.Trim().Split(' ')).ToDictionary(
            parts => (Enum.Parse<TransactionState>(parts[0]), Enum.Parse<TransactionInput>(parts[1])),
            parts => (Enum.Parse<TransactionState>(parts[2]), Enum.Parse<TransactionActions>(parts[3])));
        foreach (var state in Enum.GetValues<TransactionState>())
        {
            foreach (var input in Enum.GetValues<TransactionInput>())
            {
                var step = TransactionMachines.Next(kind, state, input);
                var expected = arrows.GetValueOrDefault((state, input), (state, TransactionActions.None));
                (step.Next, step.Actions).ShouldBe(expected, $"{kind} {state} {input}");
            }
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
