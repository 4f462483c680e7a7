/**
 * The part of yoga-layout that the screen needs, without its WebAssembly: boxes at absolute positions with sizes in
 * cells, each with one text node. Every other style is ignored, so a component with a flexible layout is drawn in
 * the upper left corner of its parent. A test compares this with yoga-layout (test/build/fixed-layout.test.ts).
 */

const edges = {left: 0, top: 1, right: 2, bottom: 3} as const;
const display = {flex: 0, none: 1} as const;
const positionType = {static: 0, relative: 1, absolute: 2} as const;
const measureMode = {undefined: 0, exactly: 1, atMost: 2} as const;

type Size = {readonly width: number; readonly height: number};
type Measure = (width: number, widthMode: number, height: number, heightMode: number) => Size;

class LayoutNode {
	readonly #children: LayoutNode[] = [];
	readonly #position: Record<number, number> = {};
	#width: number | undefined;
	#height: number | undefined;
	#positionType: number = positionType.relative;
	#display: number = display.flex;
	#measure: Measure | undefined;
	/** The last measured size and the limit that applied to it, kept until the text changes. */
	#measured: (Size & {readonly limit: number}) | undefined;
	#computed = {left: 0, top: 0, width: 0, height: 0};

	insertChild(child: LayoutNode, index: number): void {
		this.#children.splice(index, 0, child);
	}

	removeChild(child: LayoutNode): void {
		const index = this.#children.indexOf(child);
		if (index >= 0) {
			this.#children.splice(index, 1);
		}
	}

	getChildCount(): number {
		return this.#children.length;
	}

	setMeasureFunc(measure: Measure): void {
		this.#measure = measure;
	}

	unsetMeasureFunc(): void {
		this.#measure = undefined;
	}

	markDirty(): void {
		this.#measured = undefined;
	}

	setDisplay(value: number): void {
		this.#display = value;
	}

	getDisplay(): number {
		return this.#display;
	}

	setPositionType(value: number): void {
		this.#positionType = value;
	}

	setPosition(edge: number, cells: number | undefined): void {
		this.#position[edge] = cells ?? 0;
	}

	setWidth(cells: number | undefined): void {
		this.#width = cells;
	}

	setHeight(cells: number | undefined): void {
		this.#height = cells;
	}

	setWidthAuto(): void {
		this.#width = undefined;
	}

	setHeightAuto(): void {
		this.#height = undefined;
	}

	/** Lays out this node at the origin, along with all of its descendants. */
	calculateLayout(): void {
		this.#layOut(0, 0, Number.POSITIVE_INFINITY);
	}

	#layOut(left: number, top: number, room: number): void {
		const limit = this.#width ?? room;
		const measured = this.#measureWithin(limit);
		const width = this.#width ?? measured?.width ?? (Number.isFinite(room) ? room : 0);
		let below = 0;
		for (const child of this.#children) {
			const isAbsolute = child.#positionType === positionType.absolute;
			const x = isAbsolute ? (child.#position[edges.left] ?? 0) : 0;
			const y = isAbsolute ? (child.#position[edges.top] ?? 0) : 0;
			child.#layOut(x, y, isAbsolute ? Number.POSITIVE_INFINITY : width);
			below = isAbsolute ? below : Math.max(below, child.#computed.height);
		}

		this.#computed = {left, top, width, height: this.#height ?? measured?.height ?? below};
	}

	#measureWithin(limit: number): Size | undefined {
		if (this.#measure === undefined) {
			return undefined;
		}

		if (this.#measured?.limit !== limit) {
			const mode = Number.isFinite(limit) ? measureMode.atMost : measureMode.undefined;
			const {width, height} = this.#measure(limit, mode, Number.NaN, measureMode.undefined);
			this.#measured = {width: Math.min(width, limit), height, limit};
		}

		return this.#measured;
	}

	getComputedLeft(): number {
		return this.#computed.left;
	}

	getComputedTop(): number {
		return this.#computed.top;
	}

	getComputedWidth(): number {
		return this.#computed.width;
	}

	getComputedHeight(): number {
		return this.#computed.height;
	}

	getComputedBorder(): number {
		return 0;
	}

	getComputedPadding(): number {
		return 0;
	}

	getComputedMargin(): number {
		return 0;
	}

	free(): void {}

	freeRecursive(): void {}

	// Functions without an effect: the styles that they would set are ignored. fixed-styles.ts doesn't call them.
	setAlignContent(): void {}
	setAlignItems(): void {}
	setAlignSelf(): void {}
	setAspectRatio(): void {}
	setBorder(): void {}
	setFlexBasis(): void {}
	setFlexBasisAuto(): void {}
	setFlexBasisPercent(): void {}
	setFlexDirection(): void {}
	setFlexGrow(): void {}
	setFlexShrink(): void {}
	setFlexWrap(): void {}
	setGap(): void {}
	setHeightPercent(): void {}
	setJustifyContent(): void {}
	setMargin(): void {}
	setMaxHeight(): void {}
	setMaxHeightPercent(): void {}
	setMaxWidth(): void {}
	setMaxWidthPercent(): void {}
	setMinHeight(): void {}
	setMinHeightPercent(): void {}
	setMinWidth(): void {}
	setMinWidthPercent(): void {}
	setPadding(): void {}
	setPositionPercent(): void {}
	setPositionAuto(): void {}
	setWidthPercent(): void {}
}

const fixedLayout = {
	Node: {create: (): LayoutNode => new LayoutNode()},
	DIRECTION_LTR: 1,
	DISPLAY_FLEX: display.flex,
	DISPLAY_NONE: display.none,
	EDGE_LEFT: edges.left,
	EDGE_TOP: edges.top,
	EDGE_RIGHT: edges.right,
	EDGE_BOTTOM: edges.bottom,
	MEASURE_MODE_UNDEFINED: measureMode.undefined,
	POSITION_TYPE_STATIC: positionType.static,
	POSITION_TYPE_RELATIVE: positionType.relative,
	POSITION_TYPE_ABSOLUTE: positionType.absolute,
};

// biome-ignore lint/style/noDefaultExport: it replaces a package's default export.
export default fixedLayout;
