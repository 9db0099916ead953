namespace Simulator.Host;

/// <summary>An event that holds something to be given back if the loop ends before it has fired.</summary>
internal interface IAbandonable
{
    /// <summary>Gives it back. Called once, on any thread.</summary>
    void Abandon();
}
