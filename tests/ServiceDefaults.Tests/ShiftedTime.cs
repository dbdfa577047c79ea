namespace ApiSvc.ServiceDefaults.Tests;

/// <summary>The real time, moved by what the test adds; timers run as ever.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
