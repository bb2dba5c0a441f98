namespace CallTracker.Sip.Parsing;

/// <summary>
/// Walks all header values of a message in their order; comma-separated addresses come one by one. Valid until the
/// message is parsed anew.
/// </summary>
public ref struct SipHeaderEnumerator(SipMessage message)
{
    private readonly SipMessage _message = message;
    private int _index = -1;

    public readonly SipHeaderView Current => _message.HeaderAt(_index);

    public bool MoveNext() => ++_index < _message.HeaderCount;

    public readonly SipHeaderEnumerator GetEnumerator() => this;
}
