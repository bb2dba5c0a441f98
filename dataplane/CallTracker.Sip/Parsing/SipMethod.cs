namespace CallTracker.Sip.Parsing;

/// <summary>The request methods that the product knows by name; any other token is <see cref="Unknown"/>.</summary>
public enum SipMethod : byte
{
    Unknown = 0,
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Info,
    Prack,
    Update,
    Register,
    Subscribe,
    Notify,
    Refer,
    Message,
    Publish,
}
