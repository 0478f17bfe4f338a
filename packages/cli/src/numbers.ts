/** Numbers as people read them. */
import type { Estimate } from '@sbn/runtime';

/** `1,234,567` */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 row`, `1,234 rows` */
export function formatAmount(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Four significant digits, without an exponent where it can be helped: `124.2`, `0.04312`, `−3.71` with an ASCII minus. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(3);
  const whole = size < 1 ? 1 : Math.floor(Math.log10(size)) + 1;
  return value.toFixed(Math.min(6, Math.max(0, 5 - whole)));
}

/** Three significant digits, in few characters: `0.94`, `12.3`, `1.24e-7`. */
export function formatShort(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** `3.713 ± 0.012`: mean and standard error, to the digits that the error leaves meaningful. */
export function formatEstimate({ mean, standardError }: Estimate, sign: 1 | -1): string {
  const value = sign * mean;
  if (!Number.isFinite(standardError) || standardError === 0) return formatNumber(value);
  if (Math.max(Math.abs(value), standardError) >= 1e7) return `${formatNumber(value)} ± ${formatNumber(standardError)}`;
  const digits = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(standardError))));
  return `${value.toFixed(digits)} ± ${standardError.toFixed(digits)}`;
}

/** `0:07`, `12:34`, `1:02:03` */
export function formatDuration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes}:${two(total % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(total % 60)}`;
}
