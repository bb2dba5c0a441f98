using System.Globalization;
using System.Net;
using System.Text;
using CallTracker.ControlPlane.Calls;

namespace CallTracker.ControlPlane.Traces;

/// <summary>
/// Draws a ladder in plain ASCII: a column for each peer and one for the node, time runs downwards, each message an
/// arrow with its name above, then the messages in full. Made for one ladder.
/// </summary>
internal sealed class LadderText
{
    private const int TimeWidth = 26;
    private const int ColumnWidth = 30;
    private readonly StringBuilder _text = new();
    private readonly Ladder _ladder;
    private readonly List<(IPEndPoint Address, string Name)> _columns = [];
    private readonly int _node;

    private LadderText(Ladder ladder)
    {
        _ladder = ladder;
        AddPeers(ladder.Messages.Where(m => m.Attempt == 0), _ => "inbound");
        _node = _columns.Count;
        _columns.Add((ladder.Messages[0].Local, "CallTracker"));
        AddPeers(ladder.Messages.Where(m => m.Attempt > 0),
            m => string.Create(CultureInfo.InvariantCulture, $"attempt {m.Attempt}"));
    }

    public static string Draw(Ladder ladder)
    {
        var drawing = new LadderText(ladder);
        drawing.DrawHead();
        drawing.DrawArrows();
        drawing.WriteMessages();
        return drawing._text.ToString();
    }

    private void AddPeers(IEnumerable<LadderMessage> messages, Func<LadderMessage, string> name)
    {
        foreach (var message in messages)
        {
            if (ColumnOf(message) < 0) _columns.Add((message.Remote, name(message)));
        }
    }

    // One machine may be caller and shop, so a peer is found on its own side of the node.
    private int ColumnOf(LadderMessage message) => message.Attempt == 0
        ? _columns.FindIndex(c => c.Address.Equals(message.Remote) && c.Name == "inbound")
        : _columns.FindLastIndex(c => c.Address.Equals(message.Remote) && c.Name.StartsWith("attempt",
            StringComparison.Ordinal));

    private void DrawHead()
    {
        var first = _ladder.Messages[0];
        Line(string.Create(CultureInfo.InvariantCulture,
            $"Call {_ladder.TrnId} on {_ladder.NodeId}, kept because {_ladder.Cause}: "
            + $"{_ladder.Messages.Count} messages from {CallTime.Iso(first.TimeUs / 1000)}"));
        if (_ladder.Missing > 0)
        {
            Line(string.Create(CultureInfo.InvariantCulture,
                $"{_ladder.Missing} messages are missing: they were overwritten before the call was kept."));
        }
        Line("");
        Line(Spread(c => c.Address.ToString()));
        Line(Spread(c => c.Name));
        Line(Rails());
    }

    private void DrawArrows()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var startUs = _ladder.Messages[0].TimeUs;
        foreach (var message in _ladder.Messages)
        {
            var isAgain = !seen.Add((message.IsSent ? ">" : "<") + message.Attempt + message.Text);
            var (left, right) = Sorted(_node, ColumnOf(message));
            var isRightwards = message.IsSent == (_node == left);
            Line(Name(message, left, isAgain));
            Line(Arrow(left, right, isRightwards, message.TimeUs - startUs));
        }
        Line(Rails());
    }

    private void WriteMessages()
    {
        var number = 0;
        foreach (var message in _ladder.Messages)
        {
            Line("");
            Line(string.Create(CultureInfo.InvariantCulture,
                $"--- {++number}  {CallTime.Iso(message.TimeUs / 1000)}  {message.From} -> {message.To}  "
                + $"{message.Transport}"));
            foreach (var line in message.Text.AsSpan().EnumerateLines()) Line(Visible(line));
        }
    }

    // The rails with the message's name between the first two of its columns.
    private string Name(LadderMessage message, int left, bool isAgain)
    {
        var line = Rails().ToCharArray();
        var label = message.Label + (isAgain ? " [again]" : "");
        var start = RailAt(left) + 2;
        for (var i = 0; i < label.Length && i < ColumnWidth - 3; i++) line[start + i] = Printable(label[i]);
        CallTime.Iso(message.TimeUs / 1000).AsSpan(11, 12).CopyTo(line);
        return new string(line);
    }

    private string Arrow(int left, int right, bool isRightwards, long sinceUs)
    {
        var line = Rails().ToCharArray();
        for (var i = RailAt(left) + 1; i < RailAt(right); i++) line[i] = '-';
        if (isRightwards) line[RailAt(right) - 1] = '>';
        else line[RailAt(left) + 1] = '<';
        string.Create(CultureInfo.InvariantCulture, $"+{sinceUs / 1e6:F3}").PadLeft(12).CopyTo(0, line, 0, 12);
        return new string(line);
    }

    private string Rails()
    {
        var line = new char[RailAt(_columns.Count - 1) + 1];
        Array.Fill(line, ' ');
        for (var i = 0; i < _columns.Count; i++) line[RailAt(i)] = '|';
        return new string(line);
    }

    // Each text centred on its rail.
    private string Spread(Func<(IPEndPoint Address, string Name), string> read)
    {
        var line = new StringBuilder();
        for (var i = 0; i < _columns.Count; i++)
        {
            var text = read(_columns[i]);
            line.Append(' ', Math.Max(1, RailAt(i) - (text.Length / 2) - line.Length)).Append(text);
        }
        return line.ToString();
    }

    private void Line(string text) => _text.Append(text.TrimEnd()).Append('\n');

    private static int RailAt(int column) => TimeWidth + (column * ColumnWidth);

    private static (int Left, int Right) Sorted(int a, int b) => a < b ? (a, b) : (b, a);

    private static char Printable(char c) => char.IsControl(c) || c > 126 ? '.' : c;

    private static string Visible(ReadOnlySpan<char> line)
    {
        var clean = new StringBuilder(line.Length);
        foreach (var c in line) clean.Append(char.IsControl(c) && c != '\t' ? '.' : c);
        return clean.ToString();
    }
}
