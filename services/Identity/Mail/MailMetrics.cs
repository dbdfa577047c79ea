using System.Diagnostics.Metrics;

namespace ApiSvc.Identity.Mail;

/// <summary>What came of e-mail.</summary>
internal sealed class MailMetrics
{
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _dead;
    private long _waiting;

    public MailMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("ApiSvc.Identity");
        _sent = meter.CreateCounter<long>("apisvc.mail.sent", "{email}");
        _failures = meter.CreateCounter<long>(
            "apisvc.mail.failures",
            "{attempt}",
            "Attempts that failed"
        );
        _dead = meter.CreateCounter<long>(
            "apisvc.mail.dead",
            "{email}",
            "E-mails that were given up"
        );
        meter.CreateObservableGauge(
            "apisvc.mail.waiting",
            () => Interlocked.Read(ref _waiting),
            "{email}",
            "E-mails that are not sent yet, as the leader last saw"
        );
    }

    public void Sent() => _sent.Add(1);

    public void Failed() => _failures.Add(1);

    public void Dead() => _dead.Add(1);

    public void Waiting(long count) => Interlocked.Exchange(ref _waiting, count);
}
