using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Dialogs;

/// <summary>
/// The states of a dialog (RFC 3261 section 12) as a table: side and state, what happens, next state, what is told.
/// Every state meets every input.
/// </summary>
public sealed class DialogStateTests
{
    private const string States = """
        uac Calling    100-without-tag Calling   Ok
        uac Calling    180-without-tag Calling   Ok
        uac Calling    180             Early     Ok
        uac Calling    180-of-a-fork   Early     Ok
        uac Calling    200             Confirmed Ok
        uac Calling    200-of-a-fork   Confirmed Ok
        uac Calling    486             Calling   Ok
        uac Early      100-without-tag Early     Ok
        uac Early      180-without-tag Early     Ok
        uac Early      180             Early     Ok
        uac Early      180-of-a-fork   Early     OtherDialog
        uac Early      200             Confirmed Ok
        uac Early      200-of-a-fork   Confirmed Ok
        uac Early      486             Early     Ok
        uac Confirmed  100-without-tag Confirmed Ok
        uac Confirmed  180-without-tag Confirmed Ok
        uac Confirmed  180             Confirmed Ok
        uac Confirmed  180-of-a-fork   Confirmed OtherDialog
        uac Confirmed  200             Confirmed Ok
        uac Confirmed  200-of-a-fork   Confirmed OtherDialog
        uac Confirmed  486             Confirmed Ok
        uac Calling    reset           None      Ok
        uac Early      reset           None      Ok
        uac Confirmed  reset           None      Ok
        uas Early      our-200         Confirmed Ok
        uas Early      reset           None      Ok
        uas Confirmed  our-200         Confirmed Ok
        uas Confirmed  reset           None      Ok
        """;

    private static readonly string Invite = Wire.Invite();

    public static TheoryData<string, string, string, string, string> Rows() =>
    [
        .. States.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(parts => new TheoryDataRow<string, string, string, string, string>(
                parts[0], parts[1], parts[2], parts[3], parts[4])),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Dialog_InEachState_TakesEachInputAsTheTableSays(
        string side, string state, string input, string next, string told)
    {
        var dialog = InState(side, Enum.Parse<SipDialogState>(state));
        Put(dialog, input).ToString().ShouldBe(told);
        dialog.State.ToString().ShouldBe(next);
    }

    [Fact]
    public void States_OfBothSides_MeetEveryInput()
    {
        foreach (var side in Rows().GroupBy(row => row.Data.Item1))
        {
            var inputs = side.Select(row => row.Data.Item3).Distinct().ToList();
            foreach (var state in side.GroupBy(row => row.Data.Item2))
                state.Select(row => row.Data.Item3).ShouldBe(inputs, ignoreOrder: true);
        }
    }

    private static SipDialog InState(string side, SipDialogState state)
    {
        var dialog = new SipDialog();
        if (side == "uas")
        {
            dialog.InitUas(Wire.Parse(Invite), "mine"u8).ShouldBe(SipDialogResult.Ok);
            if (state == SipDialogState.Confirmed) dialog.ConfirmUas();
        }
        else
        {
            dialog.InitUac("c1"u8, "mine"u8, "<sip:a@192.0.2.1>"u8, "<sip:b@192.0.2.2>"u8, "sip:b@192.0.2.2"u8);
            if (state >= SipDialogState.Early) Put(dialog, "180");
            if (state >= SipDialogState.Confirmed) Put(dialog, "200");
        }
        dialog.State.ShouldBe(state);
        return dialog;
    }

    private static SipDialogResult Put(SipDialog dialog, string input)
    {
        switch (input)
        {
            case "reset":
                dialog.Reset();
                return SipDialogResult.Ok;
            case "our-200":
                dialog.ConfirmUas();
                return SipDialogResult.Ok;
            default:
                var tag = input.EndsWith("-without-tag", StringComparison.Ordinal) ? ""
                    : input.EndsWith("-of-a-fork", StringComparison.Ordinal) ? "fork" : "to1";
                var contact = "Contact: <sip:b@192.0.2.2>\n";
                var text = Wire.Response(Invite, int.Parse(input[..3], null), tag, contact);
                return dialog.OnResponse(Wire.Parse(text.Replace(";tag=\n", "\n", StringComparison.Ordinal)));
        }
    }
}
