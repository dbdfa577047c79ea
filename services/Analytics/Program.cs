using ApiSvc.Analytics;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("analyticsdb");
builder.AddAnalytics();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapAnalytics();
return await app.RunServiceAsync(args);
