import { z } from 'zod';
import type * as domain from './domain.ts';
import { list, money, number, optionalId, optionalText, pageOf, text, textOr, time } from './source-fields.ts';

/** The balance; amounts are strings of dollars. */
export const Balance = z
  .object({ monthToDateUsage: money, monthToDateBalance: money, accountBalance: money, generatedAt: time })
  .transform(({ generatedAt, ...amounts }): domain.Balance => ({ ...amounts, generatedAtMs: generatedAt }));

const OneInvoice = z.object({
  invoiceUuid: text,
  amount: money,
  invoicePeriod: text.regex(/^\d{4}-\d{2}$/),
  updatedAt: time,
});
export type InvoiceHead = z.infer<typeof OneInvoice>;
export const Invoices = pageOf('invoices', OneInvoice);
/** The running month stands beside the list, on every page; none arrives as an empty object. */
export const InvoicePreview = z
  .object({ invoicePreview: z.union([OneInvoice, z.object({ invoiceUuid: z.undefined().optional() })]).nullish() })
  .transform(({ invoicePreview: preview }) => (preview?.invoiceUuid === undefined ? undefined : preview));

export const InvoiceItems = pageOf(
  'invoiceItems',
  z
    .object({
      product: text,
      resourceId: optionalId,
      resourceUuid: optionalText,
      groupDescription: optionalText,
      description: textOr(''),
      amount: money,
      duration: optionalText,
      durationUnit: optionalText,
      startTime: time,
      endTime: time,
      projectName: optionalText,
    })
    .transform(
      (item): domain.InvoiceItem => ({
        product: item.product,
        resourceId: item.resourceId,
        resourceUuid: item.resourceUuid,
        group: item.groupDescription,
        description: item.description,
        amount: item.amount,
        duration: finite(item.duration),
        durationUnit: item.durationUnit,
        startMs: item.startTime,
        endMs: item.endTime,
        project: item.projectName,
      }),
    ),
);

const Day = z.object({ year: number, month: number, day: number });
const Point = z
  .object({
    startDate: Day,
    totalAmount: money,
    sku: textOr('unknown'),
    region: optionalText,
    description: textOr(''),
    groupDescription: optionalText,
  })
  .transform(
    (point): domain.InsightPoint => ({
      startMs: Date.UTC(point.startDate.year, point.startDate.month - 1, point.startDate.day),
      amount: point.totalAmount,
      sku: point.sku,
      region: point.region,
      description: point.description,
      group: point.groupDescription,
    }),
  );
/** Paged in a way of its own. */
export const Insights = z
  .object({ dataPoints: list(Point), totalItems: number })
  .transform((page) => ({ items: page.dataPoints, total: page.totalItems }));

function finite(value: string | undefined): number | undefined {
  const amount = Number(value);
  return value !== undefined && Number.isFinite(amount) ? amount : undefined;
}
